import { defineConfig } from "vite";

// The views of a run as one script and one style: `tutti export` writes them into its file.
export default defineConfig({
  base: "./",
  resolve: { alias: { "elkjs/lib/elk-worker.min.js?url": "/src/file/worker.ts" } },
  build: {
    target: "es2023",
    assetsInlineLimit: 1_000_000,
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: "src/file/main.tsx",
      output: { format: "iife", codeSplitting: false, entryFileNames: "views.js", assetFileNames: "views[extname]" },
      checks: { pluginTimings: false },
      onLog: (level, log, otherwise) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") otherwise(level, log);
      },
    },
  },
});
