import { computed } from 'vue'
import { useFormat } from './useFormat'

/** The choice of one of the languages by its name, or of any. */
export function useLanguageOptions(languages: () => readonly string[]) {
  const { t, languageName } = useFormat()
  return computed(() => [
    { value: '', text: t('import.anyLanguage') },
    ...languages()
      .map((code) => ({ value: code, text: languageName(code) }))
      .toSorted((a, b) => a.text.localeCompare(b.text)),
  ])
}
