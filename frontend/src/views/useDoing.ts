import type { Job } from '@/api/types'
import { useFormat } from '@/composables/useFormat'
import { undoOf } from '@/lib/jobActions'
import type { JobAction } from '@/lib/jobActions'
import { useJobs } from '@/stores/jobs'
import { useNotices } from '@/stores/notices'

/** Does what a person asks for to jobs, says so, and offers to undo it where that can be. */
export function useDoing() {
  const jobs = useJobs()
  const notices = useNotices()
  const { t, te, count } = useFormat()

  function said(action: JobAction, n: number): string {
    return te(`jobs.did.${action}`)
      ? count(`jobs.did.${action}`, n)
      : count('jobs.bulkDone', n, { action: t(`job.action.${action}`) })
  }

  async function act(action: JobAction, chosen: readonly Job[]): Promise<boolean> {
    const ids = chosen.map(({ id }) => id)
    if (action === 'clear') {
      // A history that is gone does not come back, so it goes only when nobody wants it back.
      jobs.putOut(ids)
      notices.tellBefore(
        said(action, ids.length),
        () => jobs.clearAway(ids),
        () => jobs.bringBack(ids),
      )
      return true
    }
    const undo = undoOf(action, chosen)
    const done = await notices.attempt(async () => {
      await jobs.act(action, ids)
      return true
    })
    if (done === undefined) return false
    const back = async () => {
      if (!undo) return
      await jobs.stopped(ids)
      await jobs.act(undo, ids)
    }
    notices.tell(said(action, ids.length), undo ? back : null)
    return true
  }

  return { act }
}
