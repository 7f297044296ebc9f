import { call } from './backend'
import { toBackup, toFinding, toNewVersion, toOpening, toRestored, toSetting } from './convert'
import type { Backup, Finding, NewVersion, Opening, Restored, Setting } from './types'

/** The backups of the database, the latest first. */
export async function listBackups(): Promise<Backup[]> {
  return ((await call(({ bridge }) => bridge.Device.Backups())) ?? []).map(toBackup)
}

/** Puts a backup in the place of the database, or an empty one for "". */
export async function restore(name: string): Promise<Restored> {
  return toRestored(await call(({ main }) => main.App.Restore(name)))
}

/** How the data folder opened: what could not be opened, and what was found missing. */
export async function readOpening(): Promise<Opening> {
  return toOpening(await call(({ main }) => main.App.Opening()))
}

/** Opens what did not open for want of room on the disk. */
export async function openAgain(): Promise<void> {
  await call(({ main }) => main.App.OpenAgain())
}

/** What this laptop has and lacks. */
export async function examine(): Promise<Finding[]> {
  return ((await call(({ bridge }) => bridge.Device.Examine())) ?? []).map(toFinding)
}

/** Writes logs and settings, with names and paths removed, to a file. */
export async function diagnose(path: string): Promise<void> {
  await call(({ bridge }) => bridge.Device.Diagnose(path))
}

/** A newer version of the program that is on a drive. */
export async function readNewVersion(): Promise<NewVersion | null> {
  const offer = await call(({ bridge }) => bridge.Device.Offer())
  return offer && toNewVersion(offer)
}

/** Installs that version; true when the system's own installer goes on from here. */
export async function upgrade(version: string): Promise<boolean> {
  return (await call(({ bridge }) => bridge.Device.Upgrade(version))).handed_over
}

export async function listSettings(): Promise<Setting[]> {
  return ((await call(({ bridge }) => bridge.Settings.List())) ?? []).map(toSetting)
}

export async function setSetting(name: string, value: unknown): Promise<Setting> {
  return toSetting(await call(({ bridge }) => bridge.Settings.Set(name, value)))
}
