import { afterEach, beforeEach, vi } from 'vitest'
import { enableAutoUnmount } from '@vue/test-utils'

enableAutoUnmount(afterEach)

// Vuetify's menus ask how far the page is zoomed, which happy-dom does not know.
vi.stubGlobal('visualViewport', Object.assign(new EventTarget(), { scale: 1, offsetLeft: 0 }))

beforeEach(() => {
  localStorage.clear()
  document.documentElement.removeAttribute('dir')
})

afterEach(() => {
  vi.useRealTimers()
  document.body.innerHTML = ''
  delete window.go
  delete window.runtime
})
