import { expect, test } from 'vitest'
import { toAppError } from './errors'

test('a refusal of the backend keeps its code, its words and its advice', () => {
  const reason = JSON.stringify({
    code: 'disk_full',
    message: 'There is not enough room.',
    advice: 'Choose less.',
    fields: null,
    detail: 'write: no space left on device',
  })
  expect(toAppError(reason)).toMatchObject({
    code: 'disk_full',
    message: 'There is not enough room.',
    advice: 'Choose less.',
    detail: 'write: no space left on device',
  })
})

test('the words of refused fields are told with it', () => {
  const reason = JSON.stringify({
    code: 'invalid_request',
    message: 'One entry cannot be used.',
    fields: [{ field: 'path', message: 'A value is needed here.', index: 0 }],
  })
  expect(toAppError(reason).message).toBe('One entry cannot be used. A value is needed here.')
})

test.each([
  ['plain text'],
  ['{"no": "error"}'],
  [new TypeError('x is not a function')],
  [undefined],
])('anything else is a mistake of ours that keeps what was said: %s', (reason) => {
  const error = toAppError(reason)
  expect(error.code).toBe('internal')
  expect(error.detail).not.toBe('')
})
