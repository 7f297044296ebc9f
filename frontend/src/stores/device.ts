import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as app from '@/api/app'
import * as api from '@/api/device'
import { toAppError } from '@/api/errors'
import { onJobs } from '@/api/jobs'
import { enqueue } from '@/api/tasks'
import type { AppError, Backup, Finding, Setting } from '@/api/types'
import { fileName } from '@/lib/fileName'
import { valueOf } from '@/lib/load'
import type { Load } from '@/lib/load'
import { fetcher } from './fetching'

/** The laptop's own data: backups, settings, and what can be said to whoever helps. */
export const useDevice = defineStore('device', () => {
  const backups = shallowRef<Load<Backup[]>>({ state: 'idle' })
  const settings = shallowRef<Load<Setting[]>>({ state: 'idle' })
  const findings = shallowRef<Load<Finding[]>>({ state: 'idle' })
  const renewBackups = fetcher(backups, api.listBackups)
  const renewSettings = fetcher(settings, api.listSettings)
  const renewFindings = fetcher(findings, api.examine)

  /** Keeps the list of backups true while one is made; the answer ends that. */
  function follow(): () => void {
    return onJobs(({ jobs }) => {
      const isNews = jobs.some(({ type, state }) => type === 'device.backup' && state !== 'RUNNING')
      if (isNews) void renewBackups()
    })
  }

  async function makeBackup(): Promise<void> {
    await enqueue('device.backup', {}, {})
  }

  /** Stores a setting, which takes effect at once; answers why it was refused, or null. */
  async function set(name: string, value: unknown): Promise<AppError | null> {
    try {
      const changed = await api.setSetting(name, value)
      const known = valueOf(settings.value) ?? []
      settings.value = {
        state: 'done',
        value: known.map((setting) => (setting.name === name ? changed : setting)),
      }
      return null
    } catch (reason) {
      return toAppError(reason)
    }
  }

  /** Asks where to, and writes what helps whoever helps; false when the person thought better of it. */
  async function diagnose(title: string): Promise<boolean> {
    const path = await app.chooseNewFile(title, fileName('Nectar', new Date(), 'zip'))
    if (path === '') return false
    await api.diagnose(path)
    return true
  }

  return {
    backups,
    settings,
    findings,
    renewBackups,
    renewSettings,
    renewFindings,
    follow,
    makeBackup,
    set,
    diagnose,
  }
})
