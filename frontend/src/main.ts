import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createWords, speak } from './i18n'
import { createPlaces } from './router'
import { begin } from './stores/beginning'
import { useSession } from './stores/session'
import { createComponents } from './styles/vuetify'
import './styles/base.css'
import './styles/jobRow.css'
import '@fontsource/noto-sans/400.css'
import '@fontsource/noto-sans/600.css'
import '@fontsource/noto-sans-arabic/arabic-400.css'
import '@fontsource/noto-sans-arabic/arabic-600.css'

if (import.meta.env.MODE === 'demo') {
  const { installFakeBackend } = await import('./test/fakeBackend')
  const { demoWorld, runDemo } = await import('./test/demoWorld')
  runDemo(installFakeBackend(demoWorld()))
}

/** Waits for the styles that come with the program: without them its first view would flash. */
async function styled(): Promise<void> {
  const coming = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter(
    (link) => !link.sheet,
  )
  await Promise.all(
    coming.map(
      (link) =>
        new Promise((go) => {
          link.addEventListener('load', go)
          link.addEventListener('error', go)
        }),
    ),
  )
}

const words = createWords()
const app = createApp(App)
app.use(createPinia()).use(createComponents()).use(words).use(createPlaces())

await Promise.all([begin(), styled()])
await speak(words.global, useSession().language)
app.mount('#app')
