import { useFormat } from '@/composables/useFormat'
import { useDevice } from '@/stores/device'
import { useNotices } from '@/stores/notices'

/** Asks where to and writes the report for whoever helps; says so. */
export function useReport(): () => Promise<void> {
  const device = useDevice()
  const notices = useNotices()
  const { t } = useFormat()
  return async () => {
    const written = await notices.attempt(() => device.diagnose(t('settings.diagnose')))
    if (written) notices.tell(t('settings.diagnosed'))
  }
}
