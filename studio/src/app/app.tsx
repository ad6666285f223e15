// SPDX-License-Identifier: GPL-3.0-or-later
// app.tsx -- masthead, the page that the address names, and the notice.
import { useEffect, useRef } from 'preact/hooks';
import { about, lost } from '../api/client';
import { ExplainPage } from '../explain/page';
import { PatientPage } from '../patient/page';
import { RunsPage } from '../runs/page';
import { TissuePage } from '../tissue/page';
import { TrialPage } from '../trial/page';
import { href, PAGES, route, type Page } from './route';
import { setTheme, shown } from './theme';

const TITLES: Record<Page, string> = {
  patient: 'Patient',
  tissue: 'Tissue',
  trial: 'Trial',
  explain: 'Explain',
  runs: 'Runs',
};
const VIEWS: Record<Page, () => preact.JSX.Element> = {
  patient: PatientPage,
  tissue: TissuePage,
  trial: TrialPage,
  explain: ExplainPage,
  runs: RunsPage,
};

export function App() {
  const page = route.value.page;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = TITLES[page] + ' – Coley Studio';
    if (!first.current) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [page]);
  const View = VIEWS[page];
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>
        To the content
      </a>
      <header class="masthead">
        <a class="wordmark" href={href('patient')}>
          Coley <span>Studio</span>
        </a>
        <nav aria-label="Pages">
          {PAGES.map((p) => (
            <a key={p} href={href(p)} aria-current={p === page ? 'page' : undefined}>
              {TITLES[p]}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {lost.value && (
          <p class="problem" role="alert">
            {lost.value}
          </p>
        )}
        <View />
      </main>
      <footer>
        <p>{about.value?.notice ?? 'Simulated. For research and teaching; not medical advice.'}</p>
        <p>Coley {about.value?.version ?? ''}. This page talks to your own computer only.</p>
      </footer>
    </>
  );
}

function ThemeSwitch() {
  const dark = shown.value === 'dark';
  return (
    <button
      type="button"
      class="theme"
      aria-pressed={dark}
      aria-label="Dark page"
      title="Dark or light page"
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
