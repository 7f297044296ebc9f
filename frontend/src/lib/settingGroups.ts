import type { Setting } from '@/api/types'

const groups: { name: string; settings: readonly string[] }[] = [
  {
    name: 'work',
    settings: [
      'workers_regular',
      'workers_high',
      'download_limit',
      'quiet_hours',
      'battery_floor',
      'keep_awake',
    ],
  },
  { name: 'people', settings: ['lock_after_minutes', 'language'] },
  { name: 'history', settings: ['retention_days', 'retention_jobs'] },
]

/** The settings by what they are about; those that nobody put anywhere come last. */
export function groupSettings(all: readonly Setting[]): { name: string; settings: Setting[] }[] {
  const known = groups.flatMap(({ settings }) => settings)
  return [
    ...groups.map((group) => ({
      name: group.name,
      settings: all.filter(({ name }) => group.settings.includes(name)),
    })),
    { name: 'other', settings: all.filter(({ name }) => !known.includes(name)) },
  ].filter(({ settings }) => settings.length > 0)
}
