/** The page of the console window. */

import { createRoot } from 'react-dom/client';
import { Console } from './console.tsx';
import './console.css';

createRoot(document.getElementById('root')!).render(<Console />);
