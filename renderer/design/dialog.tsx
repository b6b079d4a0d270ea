/** A question of the console's own, above everything else. The browser keeps the focus inside, and gives it back. */

import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the one that does nothing first. */
  readonly actions: ReactNode;
  /** Escape, or a press beside it. */
  onClose(): void;
}

/** Open for as long as it is there. */
export function Dialog({ title, children, actions, onClose }: DialogProps): ReactNode {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Pressed beside it, not let go: who marks words may end up there.
      onPointerDown={(event) => {
        // What lies inside is a child: only what is beside it is the dialog itself.
        if (event.target === element.current) onClose();
      }}
    >
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
        <div className="dialog-actions">{actions}</div>
      </div>
    </dialog>
  );
}
