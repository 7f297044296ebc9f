import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import vuetify from 'vite-plugin-vuetify'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Every web view we run in reads woff2, so the older woff twins stay out of the package. */
function onlyWoff2(): Plugin {
  return {
    name: 'only-woff2',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.includes('.css')) return null
      return code.replaceAll(/,\s*url\([^)]+\.woff\)\s*format\(['"]woff['"]\)/g, '')
    },
  }
}

/**
 * The program is read only after the window's first frame (src/start.ts), but is
 * fetched from the beginning, so that it is there by then.
 */
function fetchedAhead(): Plugin {
  return {
    name: 'fetched-ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
        const main = chunks.find((chunk) => chunk.facadeModuleId?.endsWith('/src/main.ts'))
        if (!main) return []
        return [main.fileName, ...main.imports].map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head' as const,
        }))
      },
    },
  }
}

export default defineConfig({
  plugins: [onlyWoff2(), fetchedAhead(), vue(), vuetify({ autoImport: false, styles: true })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    target: ['es2022', 'safari16'],
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 2048,
  },
  server: { strictPort: true },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.ts'],
    css: false,
    // The checks for screen readers look at whole pages; an old laptop takes its time.
    testTimeout: 300_000,
    server: { deps: { inline: ['vuetify'] } },
  },
})
