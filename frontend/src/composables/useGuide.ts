import { shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { guides } from 'virtual:guide'
import type { Chapter } from 'virtual:guide'
import { useFormat } from './useFormat'

/** The chapters of the guide in the present language; none until they are there. */
export function useGuide(): Readonly<ShallowRef<readonly Chapter[]>> {
  const { language } = useFormat()
  const chapters = shallowRef<readonly Chapter[]>([])
  watch(
    language,
    async (code) => {
      const guide = await guides[code]?.()
      if (guide && code === language.value) chapters.value = guide.chapters
    },
    { immediate: true },
  )
  return chapters
}
