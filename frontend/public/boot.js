// Runs before the first paint, so that a dark or right-to-left window never
// flashes the other way. src/stores/session.ts keeps these two names.
;(() => {
  const root = document.documentElement
  const theme = localStorage.getItem('nectar.theme') ?? 'system'
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = theme === 'dark' || (theme === 'system' && prefersDark) ? 'dark' : 'light'
  const language = localStorage.getItem('nectar.language')
  if (language) {
    root.lang = language
    root.dir = language === 'ar' ? 'rtl' : 'ltr'
  }
  // When the window was drawn first, which src/api/app.ts tells.
  document.addEventListener(
    'readystatechange',
    () => {
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          root.dataset.drawn = String(Date.now())
        }),
      )
    },
    { once: true },
  )
})()
