import type { JobDetail } from '@/api/types'
import { useFormat } from './useFormat'
import { useJobWords } from './useJobWords'

/** The most lines of each kind that a report holds: it is for a person to read or to send. */
const most = 200

/** What is known of a job as plain text, to send to somebody who helps. */
export function useJobReport() {
  const { t, te, exactTime, number, join } = useFormat()
  const { stateWord, line } = useJobWords()

  function outcome(word: string | null): string {
    const key = `job.outcome.${word?.toLowerCase() ?? ''}`
    return te(key) ? t(key) : (word ?? t('job.attemptRunning'))
  }

  function section(title: string, lines: string[]): string[] {
    return lines.length === 0 ? [] : ['', title, ...lines.slice(0, most)]
  }

  function report({ job, problems, attempts, log }: JobDetail, now: Date): string {
    return [
      job.title,
      join(stateWord(job), line(job, now)),
      ...[job.error, job.advice].flatMap((said) => said ?? []).filter((said) => said !== ''),
      join(job.type, job.id, exactTime(now)),
      ...section(
        t('job.problems'),
        problems.map(({ code, message, item }) => `${code}: ${message || item}`),
      ),
      ...section(
        t('job.attempts'),
        attempts.map((attempt) =>
          join(
            t('job.attempt', { n: number(attempt.number) }),
            outcome(attempt.outcome),
            exactTime(attempt.started),
            attempt.error ?? '',
          ),
        ),
      ),
      ...section(
        t('job.log'),
        log
          .slice(-most)
          .map(({ time, level, message }) => `${time.toISOString()} ${level} ${message}`),
      ),
      ...(job.detail ? ['', job.detail] : []),
    ].join('\n')
  }

  return { report }
}
