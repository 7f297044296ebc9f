import { createRouter, createWebHashHistory } from 'vue-router'
import type { LocationQueryValue, RouterHistory } from 'vue-router'
import HomeView from '@/views/HomeView.vue'

// The overview is what opens, so it is there from the start; the others come when they are asked for.
export function createPlaces(history: RouterHistory = createWebHashHistory()) {
  return createRouter({
    history,
    routes: [
      { path: '/', redirect: '/home' },
      { path: '/home', component: HomeView, meta: { title: 'home.title' } },
      {
        path: '/library',
        component: () => import('@/views/LibraryView.vue'),
        meta: { title: 'library.title' },
      },
      {
        path: '/library/:id',
        component: () => import('@/views/ChannelView.vue'),
        props: true,
        meta: { title: 'library.title' },
      },
      {
        path: '/library/:id/export',
        component: () => import('@/views/ExportView.vue'),
        props: true,
        meta: { title: 'export.title' },
      },
      {
        path: '/library/:id/update',
        component: () => import('@/views/UpdateView.vue'),
        props: ({ params, query }) => ({ id: params['id'], source: text(query['source']) }),
        meta: { title: 'update.title' },
      },
      {
        path: '/import',
        component: () => import('@/views/ImportView.vue'),
        props: ({ query }) => ({ source: text(query['source']), channel: text(query['channel']) }),
        meta: { title: 'import.title' },
      },
      {
        path: '/jobs',
        component: () => import('@/views/JobsView.vue'),
        props: ({ query }) => ({
          tab: text(query['tab']),
          search: text(query['search']),
          task: text(query['task']),
        }),
        meta: { title: 'jobs.title' },
      },
      {
        path: '/jobs/new',
        component: () => import('@/views/NewJobView.vue'),
        meta: { title: 'newJob.title' },
      },
      {
        path: '/jobs/new/:name',
        component: () => import('@/views/NewTaskView.vue'),
        props: true,
        meta: { title: 'newJob.title' },
      },
      {
        path: '/groups/:id',
        component: () => import('@/views/GroupView.vue'),
        props: true,
        meta: { title: 'group.plain' },
      },
      {
        path: '/schedules',
        component: () => import('@/views/SchedulesView.vue'),
        meta: { title: 'schedules.title' },
      },
      {
        path: '/schedules/:id',
        component: () => import('@/views/ScheduleView.vue'),
        props: true,
        meta: { title: 'schedules.title' },
      },
      {
        path: '/jobs/:id',
        component: () => import('@/views/JobView.vue'),
        props: true,
        meta: { title: 'jobs.title' },
      },
      {
        path: '/people',
        component: () => import('@/views/PeopleView.vue'),
        meta: { title: 'peopleView.title' },
      },
      {
        path: '/people/:id',
        component: () => import('@/views/PersonView.vue'),
        props: true,
        meta: { title: 'peopleView.title' },
      },
      {
        path: '/settings',
        component: () => import('@/views/SettingsView.vue'),
        meta: { title: 'settings.title' },
      },
      {
        path: '/settings/backups',
        component: () => import('@/views/BackupsView.vue'),
        meta: { title: 'backups.title' },
      },
      {
        path: '/help',
        component: () => import('@/views/HelpView.vue'),
        meta: { title: 'help.title' },
      },
      {
        path: '/help/guide/:name',
        component: () => import('@/views/GuideView.vue'),
        props: true,
        meta: { title: 'help.guide' },
      },
      {
        path: '/help/licences',
        component: () => import('@/views/LicencesView.vue'),
        meta: { title: 'help.parts' },
      },
      { path: '/:rest(.*)*', redirect: '/home' },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
}

/** A value of the address's query that is there once, or "". */
function text(value: LocationQueryValue | LocationQueryValue[] | undefined): string {
  return typeof value === 'string' ? value : ''
}

declare module 'vue-router' {
  interface RouteMeta {
    /** The key of the words that name the page in the window's title. */
    title?: string
  }
}
