/**
 * The window's first frame comes before the program is read: that keeps the web
 * view busy, and a window with its calm surfaces is better than none. One that is
 * covered or minimised is not drawn, and has to start too: so nobody waits long.
 */
const patience = 250 // milliseconds

await new Promise<void>((go) => {
  requestAnimationFrame(() => {
    setTimeout(go)
  })
  setTimeout(go, patience)
})
await import('./main')
