import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'

const bindings = {
  group: ['**/wailsjs/**'],
  message: 'Only src/api knows the bindings.',
}

/** A folder of src and what it may not import. A later block replaces the rule, so each repeats the bindings. */
function layer(folder, group, message) {
  return {
    files: [`src/${folder}/**/*.{ts,vue}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [bindings, { group, message }] }] },
  }
}

const upper = ['@/views/**', '@/router/**']

export default defineConfigWithVueTs(
  { ignores: ['dist/**', 'wailsjs/**', 'node_modules/**', '*.config.ts', 'eslint.config.js'] },
  vue.configs['flat/recommended'],
  vueTsConfigs.strictTypeChecked,
  a11y.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [bindings] }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/define-emits-declaration': ['error', 'type-literal'],
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterLink', 'RouterView'] }],
      'vue/require-default-prop': 'off',
      'vue/valid-v-slot': ['error', { allowModifiers: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  layer(
    'components',
    ['@/stores/**', '@/api/**', '!@/api/types', ...upper],
    'Components take props and emit events.',
  ),
  layer(
    'composables',
    ['@/stores/**', '@/api/**', '!@/api/types', '@/components/**', ...upper],
    'Composables know no application state.',
  ),
  layer('stores', ['@/components/**', ...upper], 'Stores know no screens.'),
  layer(
    'api',
    ['@/stores/**', '@/components/**', '@/composables/**', '@/i18n/**', ...upper],
    'The api stands below all state.',
  ),
  layer('lib', ['@/*/**', '!@/api/types', '!@/lib/**'], 'lib is pure.'),
  layer('views', ['@/api/**', '!@/api/types'], 'Views go through the stores.'),
  {
    files: ['src/**/*.test.ts', 'src/test/**/*.ts'],
    rules: { 'no-restricted-imports': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
)
