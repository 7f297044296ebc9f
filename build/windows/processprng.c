/* A part of Windows that Wine 8 lacks and every program in Go needs: without
   it none of them starts. build/windows/test.sh puts it into its Wine. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

__declspec(dllexport) BOOL ProcessPrng(PBYTE bytes, SIZE_T count)
{
	return SystemFunction036(bytes, (ULONG)count);
}
