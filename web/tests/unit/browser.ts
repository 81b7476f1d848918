// As much of a browser as modules touch when they are loaded.
const target = {
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => true,
};
Object.assign(globalThis, {
  ...target,
  location: new URL("http://127.0.0.1:7080/"),
  window: target,
  document: {
    ...target,
    hidden: false,
    documentElement: { dataset: {}, style: {} },
  },
  CustomEvent,
  devicePixelRatio: 1,
  matchMedia: () => ({ matches: false, ...target }),
});
