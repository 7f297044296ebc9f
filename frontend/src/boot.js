// Stands in the page itself, ahead of all that is fetched (vite.config.ts): the first
// frame of the window waits for nothing but this.
;(() => {
  // A dark or right-to-left window never flashes the other way, and large text does
  // not jump. src/stores/session.ts keeps these three names.
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

  // The program lies in a template until the first frame is there. A window that is
  // covered or minimised is not drawn, and has to start too: so nobody waits long.
  const patience = 250 // milliseconds
  let begun = false
  const begin = () => {
    const program = document.getElementById('program')
    if (begun || !program) return
    begun = true
    const parts = program.content.cloneNode(true)
    for (const script of parts.querySelectorAll('script')) {
      script.async = false // each after the one before
      if ('wails' in window && script.getAttribute('src').startsWith('/wails/')) script.remove()
    }
    document.head.append(parts)
  }

  document.addEventListener(
    'readystatechange',
    () => {
      setTimeout(begin, patience)
      requestAnimationFrame(() => {
        setTimeout(begin)
        requestAnimationFrame(() => {
          root.dataset.drawn = String(Date.now()) // which src/api/app.ts tells
        })
      })
    },
    { once: true },
  )
})()
