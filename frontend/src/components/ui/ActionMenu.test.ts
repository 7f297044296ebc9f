import { mdiCheck, mdiDeleteOutline } from '@mdi/js'
import { expect, test } from 'vitest'
import { VMenu } from 'vuetify/components/VMenu'
import { mountComponent, settle } from '@/test/mount'
import ActionMenu from './ActionMenu.vue'

const items = [
  { name: 'check', text: 'Check', icon: mdiCheck },
  { name: 'delete', text: 'Delete', icon: mdiDeleteOutline },
]

test('whoever has gone on in a menu is not taken back to its beginning when it has come into sight', async () => {
  const menu = await mountComponent(ActionMenu, { label: 'More', items })
  await menu.get('[data-testid=more]').trigger('click')
  await settle()
  const focused = () => document.activeElement?.getAttribute('data-testid')
  expect(focused()).toBe('menu-check')
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }),
  )
  expect(focused()).toBe('menu-delete')
  menu.getComponent(VMenu).vm.$emit('afterEnter')
  await settle()
  expect(focused()).toBe('menu-delete')
})
