// Eigenvalues away from the page's own thread, which goes on drawing.
import { eigenvalues } from "./eigenvalues";

self.onmessage = (event: MessageEvent<{ values: Float64Array; n: number }>) => {
  const { values, n } = event.data;
  try {
    self.postMessage({ eigenvalues: eigenvalues(values, n) });
  } catch (thrown) {
    self.postMessage({ error: String(thrown) });
  }
};
