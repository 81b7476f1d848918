// Eigenvalues of a real square matrix: balanced, brought to upper Hessenberg
// form by elimination, then the shifted QR algorithm on it.
//
// Source: Wilkinson and Reinsch (1971), Handbook for Automatic Computation,
// vol. 2, procedures balance, elmhes and hqr.

export interface Complex {
  re: number;
  im: number;
}

const EPSILON = 2 ** -52;

/** Of `a`, n rows of n, which is used up. */
export function eigenvalues(a: Float64Array, n: number): Complex[] {
  balance(a, n);
  reduce(a, n);
  return hessenbergEigenvalues(a, n);
}

// Scales rows and columns by powers of two until their norms are alike.
function balance(a: Float64Array, n: number): void {
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (let i = 0; i < n; i += 1) {
      let column = 0;
      let row = 0;
      for (let j = 0; j < n; j += 1) {
        if (j === i) continue;
        column += Math.abs(a[j * n + i]!);
        row += Math.abs(a[i * n + j]!);
      }
      if (column === 0 || row === 0) continue;
      let factor = 1;
      const sum = column + row;
      for (; column < row / 2; column *= 4) factor *= 2;
      for (; column > row * 2; column /= 4) factor /= 2;
      if ((column + row) / factor >= 0.95 * sum) continue;
      isDone = false;
      for (let j = 0; j < n; j += 1) {
        a[i * n + j]! /= factor;
        a[j * n + i]! *= factor;
      }
    }
  }
}

function reduce(a: Float64Array, n: number): void {
  for (let m = 1; m < n - 1; m += 1) {
    let pivot = m;
    for (let i = m + 1; i < n; i += 1)
      if (Math.abs(a[i * n + m - 1]!) > Math.abs(a[pivot * n + m - 1]!))
        pivot = i;
    const size = a[pivot * n + m - 1]!;
    if (size === 0) continue;
    if (pivot !== m) {
      for (let j = m - 1; j < n; j += 1) {
        const kept = a[pivot * n + j]!;
        a[pivot * n + j] = a[m * n + j]!;
        a[m * n + j] = kept;
      }
      for (let i = 0; i < n; i += 1) {
        const kept = a[i * n + pivot]!;
        a[i * n + pivot] = a[i * n + m]!;
        a[i * n + m] = kept;
      }
    }
    for (let i = m + 1; i < n; i += 1) {
      const factor = a[i * n + m - 1]! / size;
      if (factor === 0) continue;
      a[i * n + m - 1] = 0;
      for (let j = m; j < n; j += 1) a[i * n + j]! -= factor * a[m * n + j]!;
      for (let k = 0; k < n; k += 1) a[k * n + m]! += factor * a[k * n + i]!;
    }
  }
}

// Of the two rows at the bottom right: real, or a conjugate pair.
function pair(x: number, y: number, w: number, shift: number): Complex[] {
  const p = (y - x) / 2;
  const q = p * p + w;
  const z = Math.sqrt(Math.abs(q));
  const base = x + shift;
  if (q < 0)
    return [
      { re: base + p, im: z },
      { re: base + p, im: -z },
    ];
  const far = p + (p >= 0 ? z : -z);
  return [
    { re: base + far, im: 0 },
    { re: far === 0 ? base : base - w / far, im: 0 },
  ];
}

function hessenbergEigenvalues(h: Float64Array, n: number): Complex[] {
  const found: Complex[] = [];
  const at = (i: number, j: number) => h[i * n + j]!;
  let norm = 0;
  for (let i = 0; i < n; i += 1)
    for (let j = Math.max(0, i - 1); j < n; j += 1) norm += Math.abs(at(i, j));
  let shift = 0;
  let last = n - 1;
  let steps = 0;
  while (last >= 0) {
    let low = last;
    for (; low > 0; low -= 1) {
      const size =
        Math.abs(at(low - 1, low - 1)) + Math.abs(at(low, low)) || norm;
      if (Math.abs(at(low, low - 1)) <= EPSILON * size) {
        h[low * n + low - 1] = 0;
        break;
      }
    }
    let x = at(last, last);
    if (low === last) {
      found.push({ re: x + shift, im: 0 });
      last -= 1;
      steps = 0;
      continue;
    }
    let y = at(last - 1, last - 1);
    let w = at(last, last - 1) * at(last - 1, last);
    if (low === last - 1) {
      found.push(...pair(x, y, w, shift));
      last -= 2;
      steps = 0;
      continue;
    }
    if (steps === 90) throw new Error("the eigenvalues did not converge");
    if (steps > 0 && steps % 10 === 0) {
      // An unusual shift, against cycles.
      shift += x;
      for (let i = 0; i <= last; i += 1) h[i * n + i]! -= x;
      const size =
        Math.abs(at(last, last - 1)) + Math.abs(at(last - 1, last - 2));
      x = y = 0.75 * size;
      w = -0.4375 * size * size;
    }
    steps += 1;
    sweep(h, n, low, last, x, y, w);
  }
  return found;
}

// One double step of the QR algorithm on rows and columns `low` to `last`.
function sweep(
  h: Float64Array,
  n: number,
  low: number,
  last: number,
  x: number,
  y: number,
  w: number,
): void {
  const at = (i: number, j: number) => h[i * n + j]!;
  let p = 0;
  let q = 0;
  let r = 0;
  let m = last - 2;
  for (; m >= low; m -= 1) {
    const z = at(m, m);
    const dx = x - z;
    const dy = y - z;
    p = (dx * dy - w) / at(m + 1, m) + at(m, m + 1);
    q = at(m + 1, m + 1) - z - dx - dy;
    r = at(m + 2, m + 1);
    const size = Math.abs(p) + Math.abs(q) + Math.abs(r);
    p /= size;
    q /= size;
    r /= size;
    if (m === low) break;
    const u = Math.abs(at(m, m - 1)) * (Math.abs(q) + Math.abs(r));
    const v =
      Math.abs(p) *
      (Math.abs(at(m - 1, m - 1)) + Math.abs(z) + Math.abs(at(m + 1, m + 1)));
    if (u <= EPSILON * v) break;
  }
  for (let i = m + 2; i <= last; i += 1) {
    h[i * n + i - 2] = 0;
    if (i > m + 2) h[i * n + i - 3] = 0;
  }
  for (let k = m; k < last; k += 1) {
    const isLast = k === last - 1;
    let size = 1;
    if (k !== m) {
      p = at(k, k - 1);
      q = at(k + 1, k - 1);
      r = isLast ? 0 : at(k + 2, k - 1);
      size = Math.abs(p) + Math.abs(q) + Math.abs(r);
      if (size === 0) continue;
      p /= size;
      q /= size;
      r /= size;
    }
    const s = (p < 0 ? -1 : 1) * Math.sqrt(p * p + q * q + r * r);
    if (s === 0) continue;
    if (k !== m) h[k * n + k - 1] = -s * size;
    else if (low !== m) h[k * n + k - 1] = -at(k, k - 1);
    p += s;
    const a = p / s;
    const b = q / s;
    const c = r / s;
    q /= p;
    r /= p;
    for (let j = k; j <= last; j += 1) {
      let t = at(k, j) + q * at(k + 1, j);
      if (!isLast) {
        t += r * at(k + 2, j);
        h[(k + 2) * n + j]! -= t * c;
      }
      h[(k + 1) * n + j]! -= t * b;
      h[k * n + j]! -= t * a;
    }
    const end = Math.min(last, k + 3);
    for (let i = low; i <= end; i += 1) {
      let t = a * at(i, k) + b * at(i, k + 1);
      if (!isLast) {
        t += c * at(i, k + 2);
        h[i * n + k + 2]! -= t * r;
      }
      h[i * n + k + 1]! -= t * q;
      h[i * n + k]! -= t;
    }
  }
}
