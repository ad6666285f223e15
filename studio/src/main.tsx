// SPDX-License-Identifier: GPL-3.0-or-later
// main.tsx -- where the page starts.
import { render } from 'preact';
import { begin } from './api/client';
import { App } from './app/app';
import './style/base.css';
import './style/parts.css';
import './style/patient.css';
import './style/tour.css';
import './style/explain.css';
import './style/runs.css';

void begin();
render(<App />, document.getElementById('app')!);
