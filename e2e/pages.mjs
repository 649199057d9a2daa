// Every page, and who looks at it. `path` is a path, or a function that gives one
// when the demo is there; `then` is what the link looks like that leads on from
// there to the page meant, whose id is not known beforehand. `status` is 200
// unless it says otherwise.

import { badge } from './browser.mjs';

export const pages = [
  { name: 'about', who: 'visitor', path: '/about' },
  { name: 'privacy', who: 'visitor', path: '/privacy' },
  { name: 'nowhere', who: 'visitor', path: '/no/such/page', status: 404 },
  { name: 'mailbox', who: 'visitor', path: '/mailbox' },
  { name: 'letter', who: 'visitor', path: '/mailbox', then: /^\/mailbox\/[^/]+$/ },
  { name: 'home', who: 'visitor', path: '/' },
  { name: 'sign-in', who: 'visitor', path: '/sign-in' },
  { name: 'catalogue', who: 'visitor', path: '/catalog' },
  { name: 'catalogue-nothing', who: 'visitor', path: '/catalog?q=zzzzzz' },
  { name: 'achievement', who: 'visitor', path: '/catalog', then: /^\/catalog\/[^/?]+$/ },
  { name: 'achievement-learner', who: 'learner', path: '/catalog', then: /^\/catalog\/[^/?]+$/ },
  { name: 'verify', who: 'visitor', path: '/verify' },
  { name: 'badge', who: 'visitor', path: () => badge('valid') },
  { name: 'badge-expired', who: 'visitor', path: () => badge('expired') },
  { name: 'badge-suspended', who: 'visitor', path: () => badge('suspended') },
  { name: 'badge-revoked', who: 'visitor', path: () => badge('revoked') },
  { name: 'desk', who: 'learner', path: '/desk' },
  { name: 'enrollment', who: 'learner', path: '/desk', then: /^\/enrollments\/[^/]+$/ },
  { name: 'badges', who: 'learner', path: '/badges' },
  { name: 'account', who: 'learner', path: '/account' },
  { name: 'reviews', who: 'reviewer', path: '/reviews' },
  { name: 'review', who: 'reviewer', path: '/reviews', then: /^\/reviews\/[^/?]+$/ },
  { name: 'organizations', who: 'owner', path: '/organizations' },
  { name: 'organization', who: 'owner', path: '/organizations', then: /^\/organizations\/[^/?]+$/ },
  { name: 'organization-designer', who: 'designer', path: '/organizations', then: /^\/organizations\/[^/?]+$/ },
  { name: 'organization-employer', who: 'employer', path: '/organizations', then: /^\/organizations\/[^/?]+$/ },
  { name: 'desk-operator', who: 'operator', path: '/desk' },
];
