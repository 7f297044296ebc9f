import type { Channel } from '@/api/types'
import type { Deed } from '@/lib/deeds'
import { useFormat } from './useFormat'

/** What is said about a channel of this laptop. */
export function useChannelWords() {
  const { count, number, size, sizePart, join } = useFormat()

  /** How much of it is here. While it comes for the first time that is not counted: all of it is coming. */
  function amountHere(channel: Channel, deed: Deed | undefined): string {
    const { totalResources, availableResources } = channel
    const isComing = availableResources === 0 && deed?.name === 'import'
    if (isComing || availableResources >= totalResources)
      return join(count('amount.resources', totalResources), size(channel.size))
    return join(
      count('amount.resourcesPart', totalResources, { part: number(availableResources) }),
      sizePart(channel.availableSize, channel.size),
    )
  }

  return { amountHere }
}
