import type { GroupSum } from '@/lib/group'
import { useFormat } from './useFormat'

/** What is said about jobs that were asked for together. */
export function useGroupWords() {
  const { t, count, number, size, sizePart, timeLeft, join } = useFormat()

  function title({ parts }: GroupSum): string {
    return count('group.title', parts)
  }

  function line(sum: GroupSum): string {
    const { parts, finished, done, total, rate, remainingSeconds, failed, problems } = sum
    return join(
      count('group.finished', parts, { part: number(finished) }),
      total > 0 ? (finished === parts ? size(done) : sizePart(done, total)) : '',
      rate > 0 ? t('amount.perSecond', { amount: size(rate) }) : '',
      remainingSeconds === null ? '' : timeLeft(remainingSeconds),
      failed > 0 ? count('group.failed', failed) : '',
      problems > 0 ? count('amount.problems', problems) : '',
    )
  }

  return { title, line }
}
