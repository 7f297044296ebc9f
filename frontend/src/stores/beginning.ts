import type { Pinia } from 'pinia'
import { useOpening } from './opening'
import { usePeople } from './people'
import { useSession } from './session'

/**
 * Learns what the window has to know before it shows anything: its language, how the data
 * folder opened, and who is there. What cannot be learnt is left open; the views say so.
 */
export async function begin(pinia?: Pinia): Promise<void> {
  const spoken = useSession(pinia)
    .open()
    .catch(() => undefined)
  await useOpening(pinia)
    .open(spoken)
    .catch(() => undefined)
  // While the folder opens, which takes its time on a slow disk, the backend knows of nobody,
  // and a window that asked then would let nobody do anything.
  await usePeople(pinia)
    .open()
    .catch(() => undefined)
  await spoken
}
