import { afterEach, beforeEach, vi } from 'vitest'
import { enableAutoUnmount } from '@vue/test-utils'

enableAutoUnmount(afterEach)

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
