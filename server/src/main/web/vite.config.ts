import { defineConfig } from "vite";

// Everything is a file of its own origin: no inlined fonts, images or scripts, which the page's
// content security policy would refuse.
export default defineConfig({
  base: "/",
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      onLog: (level, log, otherwise) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") otherwise(level, log);
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:7070" } },
});
