// A desktop that shows notifications to the test: a message bus of its own, and
// what a person does with what is shown there.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { work } from './program.mjs'

/** Answers the address of its bus, what it shows next, and how it is clicked and put away. */
export async function openDesktop() {
  const program = spawn(path.join(work, 'desktop'), [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => program.on('exit', resolve))
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the desktop has ended')
    return value
  }
  return {
    address: await next(),
    shown: async () => JSON.parse(await next()),
    click: ({ id }) => program.stdin.write(`click ${id}\n`),
    dismiss: ({ id }) => program.stdin.write(`dismiss ${id}\n`),
    close: async () => { program.stdin.end(); await ended },
  }
}
