; Nothing is put in the place of a Holdfast that runs, or taken away from under it: a person closes it, and it finishes
; what is on its way to Dojo. Tauri's own check comes after this one and would end the program.
;
; Read against tauri-bundler 2.10, which goes with tauri-cli 2.12. UNTRIED: it was never part of an installer.
!macro WAIT_UNTIL_CLOSED
  ${Do}
    nsis_tauri_utils::FindProcessCurrentUser "${MAINBINARYNAME}.exe"
    Pop $R0
    ${If} $R0 <> 0
      ${ExitDo}
    ${EndIf}
    ; A silent installation stops.
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Holdfast is running. Quit it from its symbol near the clock, wait until \
      it's gone, then retry.$\r$\n$\r$\nNothing was changed." /SD IDCANCEL IDRETRY +2
    Abort
  ${Loop}
!macroend

!macro NSIS_HOOK_PREINSTALL
  !insertmacro WAIT_UNTIL_CLOSED
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  !insertmacro WAIT_UNTIL_CLOSED
!macroend
