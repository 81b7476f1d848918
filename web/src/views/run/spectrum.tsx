// The eigenvalues of a square matrix in the complex plane.
import { useEffect, useState } from "react";
import type { Complex } from "../../charts/eigenvalues";
import type { Matrix } from "../../charts/matrix";
import { Plot, axisFor } from "../../charts/plot";
import { quantity } from "../../format";
import { Failed, Loading } from "../../layout/states";

type Found =
  | { state: "busy" }
  | { state: "failed"; why: string }
  | { state: "done"; values: Complex[] };

/** Above this an answer would take minutes. */
const LARGEST = 1000;

function useEigenvalues(matrix: Matrix): Found {
  const [found, setFound] = useState<Found>({ state: "busy" });
  useEffect(() => {
    if (matrix.rows > LARGEST) return undefined;
    setFound({ state: "busy" });
    const worker = new Worker(
      new URL("../../charts/spectrum_worker.ts", import.meta.url),
      { type: "module" },
    );
    worker.onmessage = (
      event: MessageEvent<{ eigenvalues?: Complex[]; error?: string }>,
    ) => {
      const { eigenvalues, error } = event.data;
      setFound(
        eigenvalues
          ? { state: "done", values: eigenvalues }
          : { state: "failed", why: error ?? "" },
      );
    };
    worker.postMessage({ values: matrix.values, n: matrix.rows });
    return () => worker.terminate();
  }, [matrix]);
  return found;
}

export function Spectrum({ matrix, title }: { matrix: Matrix; title: string }) {
  const found = useEigenvalues(matrix);
  if (matrix.rows > LARGEST)
    return (
      <section className="panel quiet">
        The spectrum is shown for up to {LARGEST} rows.
      </section>
    );
  if (found.state === "busy") return <Loading what="eigenvalues" />;
  if (found.state === "failed")
    return <Failed what="spectrum" error={new Error(found.why)} />;
  return (
    <ComplexPlane
      title={`Eigenvalues of ${title}`}
      values={found.values}
      unit={matrix.unit}
    />
  );
}

export function ComplexPlane({
  title,
  hint,
  values,
  unit,
}: {
  title: string;
  hint?: string | undefined;
  values: readonly Complex[];
  unit: string;
}) {
  const re = values.map((v) => v.re);
  const im = values.map((v) => v.im);
  const radius = Math.max(0, ...values.map((v) => Math.hypot(v.re, v.im)));
  const both = radius * 0.02 || 1e-9;
  return (
    <section className="panel" data-testid="spectrum">
      <Plot
        title={title}
        hint={hint}
        x={axisFor("Re λ", unit, [...re, -both, both])}
        y={axisFor("Im λ", unit, [...im, -both, both])}
        isEqual
        height={300}
        marks={{ points: values.map((v) => ({ x: v.re, y: v.im })) }}
        header={["real", "imaginary"]}
        rows={() => values.map((v) => [v.re, v.im])}
      />
      <p className="quiet small">
        spectral radius {quantity(radius, unit)}, largest imaginary part{" "}
        {quantity(Math.max(0, ...im), unit)}
      </p>
    </section>
  );
}
