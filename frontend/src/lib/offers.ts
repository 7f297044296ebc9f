import type { Channel } from '@/api/types'

/** Which channels of a source are shown. */
export const channelShows = ['all', 'new', 'newer', 'here'] as const
export type ChannelShow = (typeof channelShows)[number]

export interface ChannelFilter {
  search: string
  /** A code, or "" for any. */
  language: string
  show: ChannelShow
}

export const noFilter: ChannelFilter = { search: '', language: '', show: 'all' }

export function isFiltered({ search, language, show }: ChannelFilter): boolean {
  return search.trim() !== '' || language !== '' || show !== 'all'
}

/** How a channel of a source stands to what is on this laptop. */
export function standing(offer: Channel, here: Channel | null): ChannelShow {
  if (!here) return 'new'
  return here.version < offer.version ? 'newer' : 'here'
}

/** What people type finds a title whatever its capitals and accents. */
function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase()
}

/** The channels that a filter leaves. */
export function matching(
  offers: readonly Channel[],
  filter: ChannelFilter,
  hereOf: (channel: Channel) => Channel | null,
): Channel[] {
  const words = plain(filter.search).split(/\s+/).filter(Boolean)
  return offers.filter((offer) => {
    const text = plain(`${offer.name} ${offer.description}`)
    return (
      words.every((word) => text.includes(word)) &&
      (filter.language === '' || offer.languages.includes(filter.language)) &&
      (filter.show === 'all' || standing(offer, hereOf(offer)) === filter.show)
    )
  })
}

/** How many channels each show has, whatever else is filtered. */
export function showCounts(
  offers: readonly Channel[],
  hereOf: (channel: Channel) => Channel | null,
): Record<ChannelShow, number> {
  const counts = { all: offers.length, new: 0, newer: 0, here: 0 }
  for (const offer of offers) counts[standing(offer, hereOf(offer))] += 1
  return counts
}

/** The languages of channels, each once. */
export function languagesOf(channels: readonly Channel[]): string[] {
  return [...new Set(channels.flatMap(({ languages }) => languages))]
}
