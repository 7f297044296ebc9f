/// <reference types="vite/client" />

/** The guide for teachers by languages, as vite.config.ts makes it of docs/guide.md and docs/guide. */
declare module 'virtual:guide' {
  export interface Chapter {
    name: string
    title: string
    html: string
  }
  export const guides: Record<string, () => Promise<{ chapters: Chapter[] }>>
}
