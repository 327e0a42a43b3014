import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** KaTeX names every font in three formats; every browser we support reads woff2. */
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  generateBundle(_options, bundle) {
    for (const file of Object.keys(bundle)) if (/KaTeX.*\.(ttf|woff)$/.test(file)) delete bundle[file]
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwindcss(), onlyWoff2],
  // The chart frame cannot reload when Vite finds these later than at its start.
  optimizeDeps: { include: ['vega-embed', 'vega-interpreter'] },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'frame.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))) },
  },
})
