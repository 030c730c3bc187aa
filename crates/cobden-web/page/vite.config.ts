import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Names without hashes, so that the same sources give the same files: they are committed, and CI builds them again.
export default defineConfig({
  plugins: [svelte()],
  build: {
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: { entryFileNames: "page.js", chunkFileNames: "[name].js", assetFileNames: "page[extname]" },
    },
  },
});
