import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // The server's policy allows no data: URL but for images.
    assetsInlineLimit: 0,
    // One script of 220 kB compressed is fetched sooner than several.
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  // For work on the pages: a server at 7080 answers the calls.
  server: {
    proxy: Object.fromEntries(
      ["^/engram\\.v1\\.", "/login", "/logout"].map((path) => [
        path,
        { target: "http://127.0.0.1:7080", changeOrigin: true },
      ]),
    ),
  },
});
