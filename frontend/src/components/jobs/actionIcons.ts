import {
  mdiArrowCollapseUp,
  mdiBroom,
  mdiCalendarRemove,
  mdiClose,
  mdiDeleteOutline,
  mdiPause,
  mdiPlay,
  mdiPlayOutline,
  mdiRefresh,
  mdiRefreshAuto,
} from '@mdi/js'
import type { JobAction } from '@/lib/jobActions'

export const actionIcons: Record<JobAction, string> = {
  resume: mdiPlay,
  pause: mdiPause,
  run_now: mdiPlayOutline,
  retry_problems: mdiRefreshAuto,
  restart: mdiRefresh,
  cancel: mdiClose,
  first: mdiArrowCollapseUp,
  cancel_series: mdiCalendarRemove,
  clear: mdiBroom,
  delete: mdiDeleteOutline,
}
