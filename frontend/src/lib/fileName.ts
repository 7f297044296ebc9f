/** What some file system takes for something else, and marks that turn the direction of text. */
const taken = /[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g
/** Names of devices, which Windows gives to no file. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i
/** The most bytes of a title: with a day and an ending it fits everywhere. */
const most = 120

/** The name of a new file that is told apart by what it is of and by its day, and that every file system takes. */
export function fileName(title: string, day: Date, ending: string): string {
  const plain = title.replaceAll(taken, ' ').replaceAll(/\s+/g, ' ').trim()
  const kept = shorten(plain).replaceAll(/^[. ]+|[. ]+$/g, '')
  const words = kept === '' || devices.test(kept) ? `Nectar ${kept}`.trim() : kept
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
  return `${words} ${date}.${ending}`
}

/** The name of a new file after an example of one, with the day; "" after none. */
export function datedName(example: string, day: Date): string {
  const [, title = '', ending] = /^(.*)\.(\w+)$/.exec(example) ?? []
  return ending === undefined ? '' : fileName(title, day, ending)
}

/** As much of a text as fits, of whole letters. */
function shorten(text: string): string {
  const encoder = new TextEncoder()
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
  let bytes = 0
  const fits = letters.findIndex((letter) => (bytes += encoder.encode(letter).length) > most)
  return fits === -1 ? text : letters.slice(0, fits).join('')
}
