// The desktop around the window, as a person has it: notifications that are shown
// to the test over a message bus of its own, and windows with their bars.
import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { home, until, work } from './program.mjs'

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

/** Answers what a tool of the display says; '' when it has nothing to say. */
function ask(tool, ...args) {
  try {
    return execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** Manages the windows of the display until it is closed: without it none can be minimised. */
export async function openWindowManager() {
  const program = spawn('openbox', [], { env: { ...process.env, ...home('desktop') }, stdio: 'ignore' })
  const ended = new Promise((resolve) => program.on('exit', resolve))
  await until(() => ask('xprop', '-root', '_NET_SUPPORTING_WM_CHECK').includes('window id'), 'the window manager')
  return {
    close: async () => {
      program.kill()
      await ended
    },
  }
}

/** The window of a program as it is seen from outside: what stands on its bar, and where it is. */
export function windowOf(pid) {
  let id = ''
  // What is not to be seen from the first is none of a person's windows, but of the toolkit's own.
  const find = async () => {
    id ||= await until(() => ask('xdotool', 'search', '--onlyvisible', '--all', '--pid', `${pid}`, '--name', 'Nectar').split('\n')[0], 'the window')
    return id
  }
  const state = async () => ask('xprop', '-id', await find(), 'WM_STATE')
  const geometry = async () => {
    const said = ask('xdotool', 'getwindowgeometry', '--shell', await find())
    const value = (name) => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(said)?.[1])
    return { x: value('X'), y: value('Y'), width: value('WIDTH'), height: value('HEIGHT') }
  }
  return {
    name: async () => ask('xdotool', 'getwindowname', await find()),
    geometry,
    isInSight: async () => /Normal/.test(await state()),
    put: async ({ x, y, width, height }) => {
      ask('xdotool', 'windowmove', await find(), `${x}`, `${y}`, 'windowsize', await find(), `${width}`, `${height}`)
      await until(async () => JSON.stringify(await geometry()) === JSON.stringify({ x, y, width, height }), 'the window to be there')
    },
    // Again and again: a window that is just coming up is put back in sight by its program.
    minimise: async () => {
      await until(async () => {
        ask('xdotool', 'windowminimize', await find())
        return /Iconic/.test(await state())
      }, 'the window to be minimised')
    },
  }
}
