import {
  mdiAlertCircle,
  mdiAlertOutline,
  mdiCalendarClock,
  mdiCancel,
  mdiCheckCircleOutline,
  mdiClockOutline,
  mdiPauseCircleOutline,
  mdiProgressDownload,
  mdiStopCircleOutline,
} from '@mdi/js'
import type { Job } from '@/api/types'

/** The picture of a job's state; it is always shown with the word beside it. */
export function stateIcon(job: Job): string {
  switch (job.state) {
    case 'RUNNING':
    case 'SELECTED':
      return job.waiting ? mdiAlertOutline : mdiProgressDownload
    case 'CANCELING':
      return mdiStopCircleOutline
    case 'PENDING':
    case 'QUEUED':
      return mdiClockOutline
    case 'SCHEDULED':
      return mdiCalendarClock
    case 'PAUSED':
      return mdiPauseCircleOutline
    case 'CANCELED':
      return mdiCancel
    case 'FAILED':
      return mdiAlertCircle
    case 'COMPLETED':
      return job.problemCount > 0 ? mdiAlertOutline : mdiCheckCircleOutline
  }
}
