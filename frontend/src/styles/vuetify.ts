import { createVuetify } from 'vuetify'
import { ar, de, en } from 'vuetify/locale'
import { dark, light } from './palette'

export function createComponents() {
  return createVuetify({
    locale: { locale: 'en', fallback: 'en', messages: { ar, de, en } },
    theme: {
      defaultTheme: 'light',
      themes: {
        light: { dark: false, colors: vocabulary(light) },
        dark: { dark: true, colors: vocabulary(dark) },
      },
    },
    defaults: {
      global: { ripple: false },
      VBtn: { variant: 'outlined', rounded: 'lg', color: undefined },
      VTextField: { variant: 'outlined', density: 'compact', hideDetails: true },
      VDialog: { maxWidth: '30rem' },
      VMenu: { transition: false },
    },
  })
}

/** Our names beside those that Vuetify's own components look for. */
function vocabulary(palette: typeof light) {
  return {
    ...palette,
    'on-background': palette.ink,
    'on-surface': palette.ink,
    'surface-variant': palette.ink,
    'on-surface-variant': palette.surface,
  }
}
