/// <reference types="vite/client" />

/** The guide for teachers, as vite.config.ts makes it of docs/guide.md. */
declare module 'virtual:guide' {
  export const chapters: { name: string; title: string; html: string }[]
}
