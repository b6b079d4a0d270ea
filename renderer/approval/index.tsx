/** The page of the window that asks. */

import { createRoot } from 'react-dom/client';
import './approval.css';
import { Popup } from './popup.tsx';

createRoot(document.getElementById('root')!).render(<Popup />);
