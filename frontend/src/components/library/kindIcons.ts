import {
  mdiApplicationOutline,
  mdiArchiveOutline,
  mdiBookOpenPageVariantOutline,
  mdiFileDocumentOutline,
  mdiFolderOutline,
  mdiHeadphones,
  mdiHelpCircleOutline,
  mdiImageMultipleOutline,
  mdiPencilOutline,
  mdiPlayBoxOutline,
} from '@mdi/js'

const icons = {
  topic: mdiFolderOutline,
  video: mdiPlayBoxOutline,
  audio: mdiHeadphones,
  exercise: mdiPencilOutline,
  document: mdiBookOpenPageVariantOutline,
  html5: mdiApplicationOutline,
  h5p: mdiApplicationOutline,
  slideshow: mdiImageMultipleOutline,
  zim: mdiArchiveOutline,
  quiz: mdiHelpCircleOutline,
}

/** The kinds that have a word of their own. */
export const kinds = Object.keys(icons)

function isKnown(kind: string): kind is keyof typeof icons {
  return kind in icons
}

export function kindIcon(kind: string): string {
  return isKnown(kind) ? icons[kind] : mdiFileDocumentOutline
}

/** The key of the kind's word. */
export function kindWord(kind: string): string {
  return isKnown(kind) ? `kind.${kind}` : 'kind.other'
}
