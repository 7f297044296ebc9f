import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { marked } from 'marked'
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

/** Puts src/boot.js into the page, where its rules allow that one script by its hash. */
function booted(): Plugin {
  const file = fileURLToPath(new URL('./src/boot.js', import.meta.url))
  return {
    name: 'booted',
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        const script = readFileSync(file, 'utf8')
        const hash = createHash('sha256').update(script).digest('base64')
        return html
          .replace(
            "default-src 'self';",
            () => `default-src 'self'; script-src 'self' 'sha256-${hash}';`,
          )
          .replace('<!-- boot -->', () => `<script>${script}</script>`)
      },
    },
  }
}

/**
 * Lays the program, and before it that which binds it to the backend, into a
 * template, from which src/boot.js begins it once the window's first frame is there.
 */
function afterFirstFrame(): Plugin {
  const parts =
    /[ \t]*<(?:script type="module"|link rel="(?:modulepreload|stylesheet)")[^>]*>(?:<\/script>)?\n?/g
  const bindings = ['ipc', 'runtime'].map((name) => `<script src="/wails/${name}.js"></script>\n`)
  return {
    name: 'after-first-frame',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const program = html.match(parts) ?? []
        const template = `<template id="program">\n${[...bindings, ...program].join('')}</template>\n`
        return html.replace(parts, '').replace('</body>', () => `${template}</body>`)
      },
    },
  }
}

/**
 * The guide for teachers as the module "virtual:guide": the chapters of
 * docs/guide.md and of its translations in docs/guide, made into pages when the
 * window is built, each language fetched when it is read. A chapter has the same
 * name in all of them. Its pictures stay out, since the reader has the window
 * itself; a link leads to another chapter or, where that would leave the window,
 * is words alone.
 */
function guide(): Plugin {
  const docs = fileURLToPath(new URL('../docs/', import.meta.url))
  const translated = readdirSync(`${docs}guide`).map((name) => name.replace('.md', ''))
  const fileOf = (language: string) => `${docs}guide${language === 'en' ? '' : `/${language}`}.md`
  const split = (language: string) =>
    readFileSync(fileOf(language), 'utf8')
      .split(/^## /m)
      .slice(1)
      .map((chapter) => {
        const [title = '', ...lines] = chapter.split('\n')
        return { title, text: lines.join('\n') }
      })
  const nameOf = (title: string) =>
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 ]/g, '')
      .replaceAll(' ', '-')
  const writer = new marked.Renderer()
  writer.image = () => ''
  writer.link = ({ href, tokens }) => {
    const words = writer.parser.parseInline(tokens)
    return href.startsWith('#') ? `<a href="#/help/guide/${href.slice(1)}">${words}</a>` : words
  }
  const table = writer.table.bind(writer)
  writer.table = (token) => `<div class="wide" tabindex="0">${table(token)}</div>`
  return {
    name: 'guide',
    resolveId: (id) => (id.startsWith('virtual:guide') ? `\0${id}` : null),
    load(id) {
      if (id === '\0virtual:guide') {
        const each = ['en', ...translated].map((of) => `${of}: () => import('virtual:guide/${of}')`)
        return `export const guides = { ${each.join(', ')} }`
      }
      const [, language] = id.split('\0virtual:guide/')
      if (language === undefined) return null
      this.addWatchFile(fileOf(language))
      const names = split('en').map(({ title }) => nameOf(title))
      const chapters = split(language).map(({ title, text }, index) => ({
        name: names[index],
        title,
        html: marked.parse(text, { renderer: writer, async: false }),
      }))
      return `export const chapters = ${JSON.stringify(chapters)}`
    },
  }
}

export default defineConfig({
  plugins: [
    onlyWoff2(),
    booted(),
    afterFirstFrame(),
    guide(),
    vue(),
    vuetify({ autoImport: false, styles: true }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    target: ['es2022', 'safari16'],
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 2048,
    // What the first view needs comes in one piece: each file is a turn through the
    // thread that draws.
    chunkSizeWarningLimit: 600, // kB
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'program', tags: ['$initial'] }] } },
    },
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
