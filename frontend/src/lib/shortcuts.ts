/**
 * Every key that does something, in one table: what listens asks it, and Help
 * lists it. A key is named as the browser names it; Mod stands for Ctrl, or for
 * Cmd on a Mac. Single letters are heard only where the list has the focus.
 */
export const shortcuts = {
  window: {
    help: ['F1'],
    settings: ['Mod+,'],
  },
  jobs: {
    next: ['ArrowDown', 'j'],
    previous: ['ArrowUp', 'k'],
    first: ['Home'],
    last: ['End'],
    pageDown: ['PageDown'],
    pageUp: ['PageUp'],
    choose: ['x'],
    chooseOn: ['Shift+ArrowDown', 'Shift+ArrowUp'],
    chooseAll: ['Mod+a'],
    chooseNone: ['Escape'],
    pause: ['p'],
    cancel: ['c'],
    restart: ['r'],
    runNow: ['n'],
    clear: ['Delete'],
    search: ['Mod+f', '/'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>

export type Place = keyof typeof shortcuts
export type ShortcutOf<P extends Place> = keyof (typeof shortcuts)[P]

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The keys of each way to a shortcut, those to be pressed together: [['Mod', 'f'], ['/']]. */
export function keysOf(ways: readonly string[]): string[][] {
  return ways.map((way) => way.split(/(?<=.)\+/))
}

/** What a key that is pressed at a place is for; null for nothing. */
export function shortcutFor<P extends Place>(place: P, event: Pressed): ShortcutOf<P> | null {
  if (event.altKey) return null
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : ''
  const letter = event.key.length === 1
  const shift = event.shiftKey && !letter ? 'Shift+' : ''
  const pressed = mod + shift + (letter ? event.key.toLowerCase() : event.key)
  const table = shortcuts[place] as Record<string, readonly string[]>
  const found = Object.entries(table).find(([, keys]) => keys.includes(pressed))
  return (found?.[0] as ShortcutOf<P> | undefined) ?? null
}
