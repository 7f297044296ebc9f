import { onScopeDispose, shallowRef } from 'vue'

/** Nobody is told more often, in milliseconds: a screen reader comes to the end of a sentence. */
const apart = 5_000

/** Puts what happens into sentences for those who do not see it: the first at once, what comes soon after it together. */
export function useAnnouncer<T>(sentence: (happened: readonly T[]) => string) {
  const spoken = shallowRef('')
  let waiting: T[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(): void {
    timer = undefined
    if (waiting.length === 0) return
    const said = sentence(waiting)
    // The same words are read again only when they are another text.
    spoken.value = said === spoken.value ? `${said}\u00a0` : said
    waiting = []
    timer = setTimeout(say, apart)
  }

  function tell(happened: readonly T[]): void {
    waiting.push(...happened)
    if (timer === undefined) say()
  }

  onScopeDispose(() => {
    clearTimeout(timer)
  })

  return { spoken, tell }
}
