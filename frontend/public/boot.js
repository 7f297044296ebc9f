// Runs before the first paint, so that a dark or right-to-left window never
// flashes the other way, and large text does not jump. src/stores/session.ts keeps these three names.
;(() => {
  const root = document.documentElement
  const theme = localStorage.getItem('nectar.theme') ?? 'system'
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  root.dataset.theme = theme === 'dark' || (theme === 'system' && prefersDark) ? 'dark' : 'light'
  const text = localStorage.getItem('nectar.text')
  if (['115', '130', '150', '200'].includes(text)) root.style.fontSize = `${text}%`
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
