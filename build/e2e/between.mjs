/**
 * Stands between the window and its backend, in a page that is not loaded yet. The
 * maker runs in the page, so it holds all that it needs but the facts, and answers
 * what becomes of what the backend answers, and of what it is asked.
 */
export function standBetween(page, maker, facts = {}) {
  return page.addInitScript({ content: `(${between})((${maker})(${JSON.stringify(facts)}))` })
}

function between({ answered, asked = (value) => value }) {
  // The runtime reads what it has set and sets it again: what stands between must not stand there twice.
  const targets = new WeakMap()
  const through = (real) => {
    const proxy = new Proxy(real, {
      get(target, name) {
        const value = target[name]
        if (typeof value === 'function') return async (...values) => answered(await value(...values.map(asked)))
        return typeof value === 'object' && value !== null ? through(value) : value
      },
    })
    targets.set(proxy, real)
    return proxy
  }
  let go
  Object.defineProperty(window, 'go', {
    get: () => go && through(go),
    set: (real) => { go = targets.get(real) ?? real },
  })
  let runtime
  Object.defineProperty(window, 'runtime', {
    get: () => runtime,
    set: (real) => {
      runtime = { ...real, EventsOn: (name, listener) => real.EventsOn(name, (data) => listener(answered(data))) }
    },
  })
}
