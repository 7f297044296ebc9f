import { flushPromises, mount } from '@vue/test-utils'
import type { VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory } from 'vue-router'
import App from '@/App.vue'
import { createWords, speak } from '@/i18n'
import type { Language } from '@/i18n/languages'
import { createPlaces } from '@/router'
import { begin } from '@/stores/beginning'
import { useSession } from '@/stores/session'
import { createComponents } from '@/styles/vuetify'

function equipment() {
  const words = createWords()
  const pinia = createPinia()
  const places = createPlaces(createMemoryHistory())
  return { words, pinia, places, plugins: [pinia, words, places, createComponents()] }
}

/** Opens the whole window at a place, against whatever backend is installed. */
export async function openWindow(path: string): Promise<VueWrapper> {
  const { words, pinia, places, plugins } = equipment()
  await fetchViews(places)
  await begin(pinia)
  await speak(words.global, useSession(pinia).language)
  await places.push(path)
  const wrapper = mount(App, { attachTo: document.body, global: { plugins } })
  await settle()
  return wrapper
}

/**
 * Puts the views that come when they are asked for in place. Going to one takes a few turns then,
 * and not as long as the machine takes to fetch it.
 */
async function fetchViews(places: ReturnType<typeof createPlaces>): Promise<void> {
  await Promise.all(
    places.getRoutes().map(async ({ components }) => {
      const view = components?.['default']
      if (components && isLazy(view)) components['default'] = (await view()).default
    }),
  )
}

function isLazy(view: unknown): view is () => Promise<{ default: Component }> {
  return typeof view === 'function'
}

/** Mounts one component with the words of a language. */
export async function mountComponent(
  component: Component,
  props: Record<string, unknown>,
  language: Language = 'en',
): Promise<VueWrapper> {
  const { words, plugins } = equipment()
  await speak(words.global, language)
  return mount(component, { props, attachTo: document.body, global: { plugins } })
}

/** Waits until something is on the page, as after going to another one. */
export async function shown(window: VueWrapper, testid: string): Promise<void> {
  await vi.waitFor(
    () => {
      if (!window.find(`[data-testid="${testid}"]`).exists()) throw new Error(`no ${testid}`)
    },
    { timeout: 60_000 },
  )
}

/** Lets the answers of the backend and what hangs on them arrive. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await flushPromises()
}
