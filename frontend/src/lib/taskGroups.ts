import type { Task } from '@/api/types'

/** The kinds of jobs by the plugin that brings them, in the order of the catalogue. */
export function groupTasks(tasks: readonly Task[]): { plugin: string; tasks: Task[] }[] {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) groups.set(task.plugin, [...(groups.get(task.plugin) ?? []), task])
  return [...groups].map(([plugin, members]) => ({ plugin, tasks: members }))
}
