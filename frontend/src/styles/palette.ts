/**
 * The colours, once for both themes. Vuetify makes --v-theme-* of them, and
 * tokens.css gives those the names that the components use. A test holds the
 * contrasts: 7:1 for text that is read at length, 4.5:1 for every other.
 */
export type Palette = typeof light

export const light = {
  background: '#f5f7f6',
  surface: '#ffffff',
  raised: '#edf1f0',
  line: '#d6dddb',
  strongLine: '#7d8a88',
  ink: '#15201f',
  softInk: '#465352',
  primary: '#0b5c59',
  'on-primary': '#ffffff',
  tint: '#e1efed',
  done: '#1c6632',
  problem: '#845000',
  failed: '#a3211b',
  error: '#a3211b',
  waiting: '#525e5c',
}

export const dark: Palette = {
  background: '#101615',
  surface: '#171f1e',
  raised: '#212b2a',
  line: '#2e3a38',
  strongLine: '#7f8c8a',
  ink: '#e4ebe9',
  softInk: '#b4c0be',
  primary: '#63c9c0',
  'on-primary': '#03201e',
  tint: '#143330',
  done: '#83d199',
  problem: '#efb965',
  failed: '#ffa299',
  error: '#ffa299',
  waiting: '#a9b5b3',
}
